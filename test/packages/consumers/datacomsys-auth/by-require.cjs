const provider = require('@x/datacomsys-auth');
const sandbox = require('@x/datacomsys-auth/sandbox');
const undici = require('undici');

const { exercise } = require('../exercise.cjs');

void exercise(require('./vendor.cjs'), provider, sandbox, undici);
