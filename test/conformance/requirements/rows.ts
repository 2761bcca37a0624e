/** Short hands for the tables: a row for each end, and why some rows have no test. */
import type { Requirement } from '../requirement.ts';

function row(side: Requirement['side'], id: string, requirement: string, notApplicable?: string): Requirement {
  return { id, side, requirement, ...(notApplicable !== undefined && { notApplicable }) };
}

export const client = row.bind(undefined, 'client');
export const server = row.bind(undefined, 'server');
