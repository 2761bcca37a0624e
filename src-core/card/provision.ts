/** Provisioning a card (OMA DM Bootstrap 1.2, smart card appendix): plan, write, verify; nothing is done without a verify. */
export {
  backupOf,
  type CardBackup,
  type Plan,
  type PlannedFile,
  planCard,
  planErase,
  planRestore,
} from './plan.ts';
export { verifyPlan } from './verify.ts';
export { writePlan } from './write.ts';
