const provider = require('@x/esignon-auth');
const sandbox = require('@x/esignon-auth/sandbox');
const undici = require('undici');

const { exercise } = require('../exercise.cjs');

void exercise(require('./vendor.cjs'), provider, sandbox, undici);
