/** *Try it without hardware* as the page and `dmw demo` play it: one story at a time, told step by step; its handset stays. */
import type { Story, StoryPorts, StoryResult } from './story.ts';
import { Topic } from './topic.ts';
import type { StoryState, StoryStep } from './views.ts';

export interface StoryRoomOptions {
  /** As it is when a story begins. */
  readonly ports: () => StoryPorts;
  /** The handset of the story before goes: nothing keeps its session open. */
  readonly letGo: (deviceId: string) => void;
}

export class StoryRoom {
  readonly #options: StoryRoomOptions;
  readonly #changed = new Topic();
  #story: Story | undefined;
  #state: StoryState = { state: 'idle', plan: [], steps: [] };

  constructor(options: StoryRoomOptions) {
    this.#options = options;
  }

  /** Its handset, which is a virtual one. */
  get deviceId(): string | undefined {
    return this.#story?.handset.deviceId;
  }

  watch(signal: AbortSignal): AsyncIterable<StoryState> {
    return this.#changed.states(() => this.#state, signal);
  }

  play(): void {
    if (this.#state.state === 'running') return;
    // Its steps tell how it goes; nobody waits for this promise.
    this.run(() => {}).catch(() => undefined);
  }

  /** Plays the story to its end. @throws the error of the step that failed. */
  async run(onStep: (step: StoryStep) => void): Promise<StoryResult> {
    this.#state = { state: 'running', plan: [], steps: [] };
    const { Story, STORY_STEPS } = await import('./story.ts');
    if (this.deviceId !== undefined) this.#options.letGo(this.deviceId);
    await this.#story?.close();
    this.#tell({ plan: STORY_STEPS });
    const story = new Story(this.#options.ports(), step => {
      onStep(step);
      this.#tell({ steps: [...this.#state.steps, step] });
    });
    this.#story = story;
    try {
      const result = await story.play();
      const { handset, reader } = story;
      this.#tell({ state: 'done', deviceId: handset.deviceId, ...(reader && { reader }) });
      return result;
    } catch (error) {
      this.#tell({ state: 'failed' });
      throw error;
    }
  }

  /** A handset of the laboratory connects when asked; others connect when they do. */
  summon(deviceId: string): boolean {
    if (this.#story === undefined || this.deviceId !== deviceId) return false;
    this.#story.connect().catch(error => console.error('the virtual handset did not connect:', error));
    return true;
  }

  async close(): Promise<void> {
    await this.#story?.close();
  }

  #tell(change: Partial<StoryState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed.emit();
  }
}
