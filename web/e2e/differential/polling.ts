// A session over polling, by hand.
import { type Answer, described, engine, isFence, type Line, packets, type Wire } from './wire.ts';

const separator = '\x1e';

export class Polling implements Line {
  readonly label: string;
  readonly sid: string;
  readonly #wire: Wire;
  isBrief = false;
  #unseen: string[] = [];

  private constructor(wire: Wire, label: string, sid: string) {
    this.#wire = wire;
    this.label = label;
    this.sid = sid;
  }

  static async open(wire: Wire): Promise<Polling> {
    const label = wire.trace.label('polling');
    const answer = await wire.ask({ target: engine() }, label);
    const open = JSON.parse(answer?.body.slice(1) ?? '{}') as { sid?: string };
    return new Polling(wire, label, open.sid ?? '');
  }

  get target(): string {
    return engine(`EIO=4&transport=polling&sid=${this.sid}`);
  }

  /** Asks for packets, and notes what comes; only that it was no packet is noted with its status. */
  async get(signal?: AbortSignal): Promise<Answer | undefined> {
    const answer = await this.#wire.request({ target: this.target }, signal);
    if (answer?.status === 200) {
      const came = packets(answer.body);
      this.#unseen.push(...came);
      for (const packet of came) {
        const isEnd = packet === '6' || packet === '1';
        if (!isFence(packet) && !(this.isBrief && isEnd)) this.#wire.note(this.label, `← ${packet}`);
      }
    } else if (!this.isBrief) {
      this.#wire.note(this.label, `GET ${answer === undefined ? 'broke off' : described(answer)}`);
    }
    return answer;
  }

  /** Sends a body as it is, and notes what is answered unless that is `ok`. */
  async post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer | undefined> {
    const answer = await this.#wire.request({
      method: 'POST',
      target: this.target,
      headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
      body,
    });
    const said = answer === undefined ? 'broke off' : described(answer);
    if (!this.isBrief && said !== '200 | cache-control: no-store | content-type: text/html | ok') {
      this.#wire.note(`${this.label} POST`, said);
    }
    return answer;
  }

  async send(...sent: (string | Uint8Array)[]): Promise<void> {
    const texts = sent.map(packet =>
      typeof packet === 'string' ? packet : `b${Buffer.from(packet).toString('base64')}`,
    );
    await this.post(texts.join(separator));
  }

  async until(where: (packet: string) => boolean): Promise<boolean> {
    while (true) {
      const found = this.#unseen.findIndex(where);
      if (found >= 0) {
        this.#unseen = this.#unseen.slice(found + 1);
        return true;
      }
      this.#unseen = [];
      const answer = await this.get();
      if (answer?.status !== 200) return false;
    }
  }
}
