import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError, type LoginRequest, type SignedOutReason } from '@shopbell/client';
import { Bell } from '../look/Bell.tsx';
import { session } from '../session/session.ts';
import { Opening } from '../shell/Opening.tsx';
import { useSession } from '../session/useSession.ts';
import { strings } from '../strings.ts';
import { DemoPeople } from './DemoPeople.tsx';
import styles from './SignInPage.module.css';

const words = strings.signIn;

/** Why the person is here, where they may not know. */
const reasons: Record<SignedOutReason, string | null> = {
  nobody: null,
  left: null,
  elsewhere: words.elsewhere,
  expired: words.expired,
};

export function SignInPage() {
  const state = useSession();
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function signIn(credentials: LoginRequest) {
    setRefusal(null);
    setIsBusy(true);
    try {
      // The router leads on from here when the session tells that somebody is signed in.
      await session.signIn(credentials);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefusal(error);
    } finally {
      setIsBusy(false);
    }
  }

  if (state.status === 'restoring') return <Opening isUnreachable={false} />;
  const reason = state.status === 'signed_out' ? reasons[state.reason] : null;
  return (
    <main className={styles.page}>
      <title>{`${words.title} · ${strings.product}`}</title>
      <div className={styles.brand}>
        <Bell className={styles.bell} />
        <p className={styles.name}>{strings.product}</p>
        <p className={styles.tagline}>{strings.tagline}</p>
      </div>
      <div className={styles.side}>
        <div className={styles.form}>
          <h1>{words.title}</h1>
          {reason !== null && <output className={styles.reason}>{reason}</output>}
          <Form isBusy={isBusy} refusal={refusal} onSubmit={credentials => void signIn(credentials)} />
          <DemoPeople isBusy={isBusy} onChoose={({ email, password }) => void signIn({ email, password })} />
        </div>
      </div>
    </main>
  );
}

interface FormProps {
  isBusy: boolean;
  refusal: ApiError | null;
  onSubmit: (credentials: LoginRequest) => void;
}

function Form({ isBusy, refusal, onSubmit }: FormProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      className={styles.fields}
      onSubmit={event => {
        event.preventDefault();
        onSubmit({ email, password });
      }}
    >
      <TextInput
        label={words.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={event => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={words.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={event => setPassword(event.currentTarget.value)}
      />
      {refusal !== null && (
        <p role="alert" className={styles.refusal}>
          {strings.refusal(refusal)}
        </p>
      )}
      <Button type="submit" size="md" loading={isBusy}>
        {words.submit}
      </Button>
    </form>
  );
}
