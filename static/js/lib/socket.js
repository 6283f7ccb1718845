/** The wire to the server: websocket only, cookie session. It carries; `live.js` decides. */
import { io } from "socket.io-client";

let socket = null;

/** `hears`: {connect, disconnect, event, beat, board, typing, signed_out} → called with the payload. */
export function openSocket(hears) {
  socket = io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000, timeout: 8000 });
  socket.on("connect_error", (error) => {
    hears.disconnect?.(error.message);
    // Refused by the server rather than by the network: the library does not try again by itself.
    if (!socket.active && error.message !== "unauthenticated") again();
  });
  socket.on("disconnect", (reason) => reason === "io server disconnect" && again());
  for (const [name, listener] of Object.entries(hears)) socket.on(name, listener);
  addEventListener("online", () => socket.connected || socket.connect());
  return socket;
}

/** Ask and wait for the acknowledgement; null when none came in time. */
export async function ask(name, payload) {
  if (!socket?.connected) return null;
  try {
    return await socket.timeout(8000).emitWithAck(name, payload);
  } catch {
    return null;
  }
}

export function tell(name, payload) {
  if (socket?.connected) socket.volatile.emit(name, payload);
}

function again() {
  setTimeout(() => socket.connect(), 1000 + Math.random() * 2000);
}
