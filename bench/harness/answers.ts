/** For an answer of 1.5 KB. */
const fields = Array.from({ length: 24 }, (_, order) => ({ name: `field_${order}`, value: 'some text', order }));

/** What the vendors answer to a call. */
export const answers = {
  esignon: { header: { response_code: '2001A', result_code: '00', result_msg: 'ok' }, body: { fields } },
  datacomsys: { status: 200, msg: 'ok', data: { fields } },
} as const;
