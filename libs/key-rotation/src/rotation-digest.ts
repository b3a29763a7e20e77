import { recordDigests } from '@ansinh/audit';

export const digestOfRotation = recordDigests({
  keyRotation: 'SELECT to_jsonb(key_rotation) FROM key_rotation WHERE id = $1',
});
