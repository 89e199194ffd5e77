// What a page hands to the reader as a file.

/** @import { Log } from "./log.mjs" */

/** @type {(name: string, text: string, type: string) => void} */
export const download = (name, text, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/** Hand over the whole log as a file named by the day. @param {Log} log */
export const downloadLog = async (log) => download(
  `study-progress-${new Date().toISOString().slice(0, 10)}.json`, await log.exportText(), "application/json",
);
