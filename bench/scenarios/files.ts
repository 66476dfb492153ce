import { askProcess } from '../harness/own-process.ts';
import type { FilesAnswer } from '../measure/files-run.ts';
import type { Scenario, Table } from '../report/table.ts';

async function run(): Promise<Table[]> {
  const { cold, warm, repeated } = await askProcess<FilesAnswer>('measure/files-run.ts', { flags: ['--conditions=@x/source'] });
  return [
    {
      title: 'Source files of the core in which a function is called:',
      columns: [{ title: 'files', digits: 0 }],
      rows: [
        { name: 'a request with a warm token', role: 'ours', cells: [warm] },
        { name: 'a cold `getToken()`', role: 'ours', cells: [cold] },
        { name: 'a request whose token is rejected, and that is repeated', role: 'ours', cells: [repeated] },
      ],
    },
  ];
}

export const files: Scenario = {
  name: 'files',
  title: 'How much code runs',
  means: ['How many files of the sources somebody has to read who follows one call through the core, by the engine’s own coverage.'],
  meansNot: ['how fast it is. The others are not counted: most of them are a file or two, and do less.'],
  run,
};
