const assert = require('node:assert/strict');

exports.start = ({ startDatacomsysSandbox }) => startDatacomsysSandbox();
exports.create = ({ createDatacomsysTokenProvider }, { codePort, idERP, password, baseUrl }) =>
  createDatacomsysTokenProvider({ codePort, idERP, password, baseUrl });
exports.path = '/account';
exports.check = ({ data }, { codePort }) => assert.equal(data.portCode, codePort);
