/** Whether part of an address is an id in the server's spelling; one that is none is a page that is not there. */
export const isId = (text: string): boolean => /^[1-9]\d{0,15}$/.test(text);
