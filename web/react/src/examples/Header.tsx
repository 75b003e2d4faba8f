import { navigate } from './surroundings.ts';
import RealTimeNotificationBadge from '../components/RealTimeNotificationBadge';

function Header() {
  return (
    <header>
      <RealTimeNotificationBadge onClick={() => navigate('/notifications')} />
    </header>
  );
}

export { Header };
