import { recordDigests, recordDigestsOfMany } from '@ansinh/audit';

/** Whole rows, so that nothing is forgotten when a table grows. The accounts of borrowers are in them sealed. */
const records = {
  bankFile: `SELECT to_jsonb(file) FROM bank_file file WHERE id = $1`,
  bankException: `SELECT to_jsonb(exception) FROM bank_exception exception WHERE id = $1`,
  capitalPlan: `
    SELECT to_jsonb(plan) || jsonb_build_object(
      'accounts', (SELECT jsonb_object_agg(kind, balance) FROM capital_account WHERE plan_id = plan.id))
    FROM capital_plan plan WHERE id = $1`,
  loan: `
    SELECT to_jsonb(loan) || jsonb_build_object(
      'contracts', (SELECT jsonb_agg(contract ORDER BY contract.number) FROM loan_contract contract WHERE loan_id = loan.id),
      'disbursements', (SELECT jsonb_agg(sent ORDER BY sent.number) FROM disbursement sent WHERE loan_id = loan.id),
      'jobs', (SELECT jsonb_agg(person_id ORDER BY person_id) FROM loan_job WHERE loan_id = loan.id),
      'book', (SELECT to_jsonb(book) FROM loan_book book WHERE loan_id = loan.id),
      'accounts', (SELECT jsonb_object_agg(kind, balance) FROM book_account WHERE loan_id = loan.id))
    FROM loan WHERE id = $1`,
};

export const digestOf = recordDigests(records);
export const digestsOf = recordDigestsOfMany(records, 'uuid');
