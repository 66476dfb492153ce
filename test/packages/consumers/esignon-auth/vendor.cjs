const assert = require('node:assert/strict');

exports.start = ({ startEsignonSandbox }) => startEsignonSandbox();
exports.create = ({ createEsignonTokenProvider }, { companyId, email, password, baseUrl }) =>
  createEsignonTokenProvider({ companyId, email, password, baseUrl });
exports.path = '/api/v2/company';
exports.check = ({ header }) => assert.equal(header.result_code, '00');
