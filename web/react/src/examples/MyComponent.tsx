import { useEffect } from 'react';
import { useWebSocket } from '../contexts/WebSocketContext';

function MyComponent() {
  const { isConnected, joinRoom, leaveRoom, emit } = useWebSocket();

  useEffect(() => {
    if (isConnected) {
      joinRoom('work_order_123');

      return () => {
        leaveRoom('work_order_123');
      };
    }
  }, [isConnected, joinRoom, leaveRoom]);

  return <div>Connection Status: {isConnected ? 'Connected' : 'Disconnected'}</div>;
}

export { MyComponent };
