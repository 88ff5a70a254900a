// The local channel's two routes. A SendFailed says whether trying the same message again can help.

export class SendFailed extends Error {
  constructor(status, hopeless) {
    super(`status ${status}`);
    this.status = status; // 0: no answer
    this.hopeless = hopeless;
  }
}

const PATIENCE = 25_000; // the door answers within 10 s; the rest is for the signal
const PATIENCE_MEDIA = 180_000; // 20 MB at 1 Mbit/s

async function call(path, options, patience) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(path, { ...options, signal: stop.signal, credentials: "same-origin", cache: "no-store" });
  } finally {
    clearTimeout(timer);
  }
}

/** Say something: { event_id, replies }. The same event id may be sent again: it has one effect. */
export async function sendMessage(user, eventId, body) {
  let response;
  try {
    response = await call(
      "/local/messages",
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...body, user, event_id: eventId }),
      },
      body.media ? PATIENCE_MEDIA : PATIENCE,
    );
  } catch {
    throw new SendFailed(0, false);
  }
  if (response.ok) return await response.json().catch(() => ({ replies: [] }));
  // 4xx is about the message itself, but for "too slow" and "too many".
  const hopeless = response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status);
  throw new SendFailed(response.status, hopeless);
}

/** Everything said to the person after message `after`. Throws when it cannot be had. */
export async function fetchMessages(user, after) {
  const query = new URLSearchParams({ user, after: String(after) });
  const response = await call(`/local/messages?${query}`, {}, PATIENCE);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()).messages;
}
