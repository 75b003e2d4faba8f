import { initialWorkOrder } from './surroundings.ts';
import { useRealTimeWorkOrder } from '../hooks/useRealTimeWorkOrder';

function WorkOrderDetail() {
  const { workOrder, isUpdating, isConnected } = useRealTimeWorkOrder(initialWorkOrder);

  return (
    <div>
      {isUpdating && <div>Updating...</div>}
      <div>Status: {workOrder?.status}</div>
      <div>Connection: {isConnected ? 'Live' : 'Offline'}</div>
    </div>
  );
}

export { WorkOrderDetail };
