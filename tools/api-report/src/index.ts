export { type ApiReport, readReports } from './report.ts';
