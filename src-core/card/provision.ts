/** Provisioning a card (OMA DM Bootstrap 1.2, smart card appendix): plan, write, verify; nothing is done without a verify. */
export { type Plan, type PlannedFile, planCard } from './plan.ts';
export { verifyPlan } from './verify.ts';
export { writePlan } from './write.ts';
