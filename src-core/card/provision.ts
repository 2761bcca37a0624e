/** Provisioning a card (OMA DM Bootstrap 1.2, smart card appendix): plan, write, verify; nothing is done without a verify. */
export { planCard, planErase, planRestore } from './plan.ts';
export { backupOf, type CardBackup, type CardState, type Plan, type PlannedFile } from './planned.ts';
export { verifyPlan } from './verify.ts';
export { writePlan } from './write.ts';
