import { exportAll } from './export-all.ts';
import { environment } from './environment.ts';
import { importExpression } from './import-expression.ts';
import { moduleState } from './module-state.ts';
import { newDate } from './new-date.ts';

/** What the linter's own rules cannot say of this repository. */
export default {
  meta: { name: 'house' },
  rules: {
    environment,
    'export-all': exportAll,
    'import-expression': importExpression,
    'module-state': moduleState,
    'new-date': newDate,
  },
};
