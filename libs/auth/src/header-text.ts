/** Text that comes in a header in percent-encoded UTF-8: headers carry no letters of Vietnamese. @returns null where it is not so */
export function headerText(text: string): string | null {
  try {
    return decodeURIComponent(text).normalize('NFC').trim();
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
