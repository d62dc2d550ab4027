/** Why a file of an agent is not sent, as a sentence for the person who runs the daemon; it names no path. */
export class AgentFileRefused extends Error {}
