import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { initials } from '../format.ts';
import { session } from '../session/session.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import styles from './AccountMenu.module.css';

export function AccountMenu() {
  const user = useUser();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={230} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button
          type="button"
          className={styles.avatar}
          aria-label={strings.shell.account(user.name)}
          data-initials={initials(user.name)}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={styles.who}>
          <strong>{user.name}</strong>
          <span>{strings.roles[user.role]}</span>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/people' })}>{strings.shell.people}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => session.leaveTab()}>{strings.shell.switchPerson}</Menu.Item>
        <Menu.Item onClick={() => void session.signOut()}>{strings.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
