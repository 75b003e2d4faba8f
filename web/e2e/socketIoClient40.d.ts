// Its package.json hides its types from this module resolution.
declare module 'socket.io-client-4.0' {
  export { io } from 'socket.io-client';
}
