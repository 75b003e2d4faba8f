import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient, useOutbox } from '@shopbell/react';
import { Confirm } from '../field/Confirm.tsx';
import { initials } from '../format.ts';
import { session } from '../session/session.ts';
import { useUser } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import styles from './AccountMenu.module.css';

const words = strings.outbox;

export function AccountMenu() {
  const user = useUser();
  const navigate = useNavigate();
  const { outbox } = useClient();
  const { kept, refused } = useOutbox();
  const unsent = kept + refused;
  const [isAsked, setIsAsked] = useState(false);

  function signOut() {
    if (unsent > 0) setIsAsked(true);
    else void session.signOut();
  }

  return (
    <Menu
      onClose={() => setIsAsked(false)}
      position="bottom-end"
      width={230}
      withInitialFocusPlaceholder={false}
    >
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
        {isAsked ? (
          <Confirm
            question={words.signOut(unsent)}
            yes={words.signOutYes}
            no={words.signOutNo}
            onYes={() => void outbox.clear().then(() => session.signOut())}
            onNo={() => setIsAsked(false)}
          />
        ) : (
          <Menu.Item closeMenuOnClick={unsent === 0} onClick={signOut}>
            {strings.shell.signOut}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
