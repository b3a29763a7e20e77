/** A person whom the local issuer knows by name and password. */
export interface DemoUser {
  username: string;
  password: string;
  name: string;
  /** Code of the place whose office the person works in; it sees the rows below that place. */
  office: string;
  permissions: readonly string[];
}

/** A service that the local issuer knows by its secret, which is made for each installation. */
export interface DemoClient {
  id: string;
  secret: string;
  name: string;
  office: string;
  permissions: readonly string[];
}

const PROVINCE = '27';

/** Follows the registry of the whole province, and may do nothing else. */
export const registryFollower = (secret: string): DemoClient => ({
  id: 'disbursements',
  secret,
  name: 'Chi trả',
  office: PROVINCE,
  permissions: ['registry:follow'],
});

/**
 * A service of a programme: follows the registry, reads who people are, opens and decides the dossiers of its procedures in the name
 * of officials, sends its lists to the disbursements and reads what became of them. People approve and send.
 * @param id as the procedures name it
 */
export const programmeService = (id: string, name: string, secret: string): DemoClient => ({
  id,
  secret,
  name,
  office: PROVINCE,
  permissions: [
    'registry:follow',
    'registry:read',
    'registry:lookup',
    'household:classify',
    'dossier:read',
    'dossier:receive',
    'dossier:process',
    'dossier:decide',
    'official:represent',
    'batch:read',
    'batch:write',
    'batch:submit',
    'payment:read',
  ],
});

const CHECKER = [
  'loan:read',
  'loan:approve',
  'support:read',
  'support:approve',
  'review:approve',
  'grievance:answer',
  'law:approve',
  'registry:read',
  'batch:read',
  'batch:approve',
  'fund:read',
  'payment:read',
];
const DISTRICT_OFFICER = [
  'batch:read',
  'batch:write',
  'batch:submit',
  'fund:read',
  'payment:read',
  'exception:resolve',
  'support:read',
  'support:apply',
  'review:write',
  'grievance:write',
  'loan:read',
  'loan:receive',
  'loan:confirm',
  'loan:approve',
  'registry:read',
  'registry:write',
  'registry:lookup',
  'registry:import',
  'registry:merge',
  'dossier:read',
  'dossier:receive',
  'dossier:process',
  'dossier:decide',
];

/** Only for demonstrations and development: the passwords are public. Production has its own issuer. */
export const DEMO_USERS: readonly DemoUser[] = [
  demoUser('maker', 'Nguyễn Thị Lập', PROVINCE, [
    'batch:read',
    'batch:write',
    'batch:submit',
    'fund:read',
    'payment:read',
    'support:read',
    'support:apply',
    'support:decide',
    'review:write',
    'grievance:write',
    'loan:read',
    'capital:write',
    'law:write',
    'registry:read',
    'registry:write',
    'registry:lookup',
    'registry:import',
    'registry:merge',
    'dossier:read',
    'dossier:receive',
    'dossier:process',
  ]),
  demoUser('checker1', 'Trần Văn Duyệt', PROVINCE, CHECKER),
  demoUser('checker2', 'Lê Thị Soát', PROVINCE, CHECKER),
  demoUser('operator', 'Phạm Văn Chuyển', PROVINCE, [
    'batch:read',
    'batch:transmit',
    'statement:write',
    'exception:resolve',
    'fund:read',
    'fund:write',
    'programme:write',
    'schedule:write',
    'payment:read',
    'recovery:run',
    'verify:read',
  ]),
  demoUser('auditor', 'Hoàng Thị Kiểm', PROVINCE, [
    'batch:read',
    'fund:read',
    'payment:read',
    'audit:read',
    'verify:read',
    'sample:write',
    'payee:unmask',
    'support:read',
    'loan:read',
    'registry:read',
    'dossier:read',
  ]),
  demoUser('keykeeper', 'Bùi Văn Khóa', PROVINCE, ['key:rotate']),
  demoUser('integrator', 'Cổng dữ liệu tỉnh', PROVINCE, [
    'registry:lookup',
    'support:read',
    'loan:read',
    'fund:read',
    'batch:read',
    'payment:read',
    'registry:read',
    'dossier:read',
  ]),
  demoUser('policybank', 'Ngân hàng Chính sách xã hội tỉnh', PROVINCE, [
    'loan:read',
    'loan:appraise',
    'loan:service',
  ]),
  demoUser('insurance', 'Bảo hiểm xã hội tỉnh', PROVINCE, ['support:read', 'support:insurance']),
  demoUser('district256', 'Vũ Văn Huyện', '256', DISTRICT_OFFICER),
  demoUser('district261', 'Đặng Thị Huyện', '261', DISTRICT_OFFICER),
];

function demoUser(username: string, name: string, office: string, permissions: string[]): DemoUser {
  return { username, password: `${username}-demo`, name, office, permissions };
}
