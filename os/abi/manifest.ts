/**
 * The boot archive's file `manifest`: what init starts, with what authority. Numbers are words, little-endian;
 * offsets count from the file's beginning; texts are UTF-8, ended by a zero; a list of texts is one after
 * another. images/boot/manifest.ts makes it and checks all of it, so that init may follow it blindly.
 *
 *     header     magic, size, then a count and an offset each: services, mounts, sessions, and as texts the
 *                environment and directories that the root is to have, a path and a mode in octal digits each
 *     service    SERVICE_SIZE bytes; services come in the order in which they are started
 *     mount      a path's offset, a count and an offset of services by index: the first that runs is mounted
 *     session    SESSION_SIZE bytes: a program that init runs for as long as the machine is on
 */

/** "GsM1" */
export const MANIFEST_MAGIC: u32 = 0x314d_7347;
export const MANIFEST_SIZE: u32 = 4;
export const MANIFEST_SERVICES: u32 = 8;
export const MANIFEST_MOUNTS: u32 = 16;
export const MANIFEST_SESSIONS: u32 = 24;
export const MANIFEST_ENVIRONMENT: u32 = 32;
export const MANIFEST_DIRECTORIES: u32 = 40;
export const MANIFEST_HEADER_SIZE: u32 = 48;

/** Offset of its name, which is its file's name in the archive. */
export const SERVICE_NAME: u32 = 0;
export const SERVICE_PRIORITY: u32 = 4;
/** Seven words in the order of account.ts. */
export const SERVICE_LIMITS: u32 = 8;
/** As a limit: what is left when everybody else has got theirs, and init keeps a reserve. */
export const LIMIT_REST: u32 = 0xffff_ffff;
/** DEVICE_…, and which one of those there are of the kind; or DEVICES_ALL, up to DEVICES_MAX. */
export const SERVICE_DEVICE: u32 = 36;
export const SERVICE_DEVICE_INDEX: u32 = 40;
export const DEVICES_ALL: u32 = 0xffff_ffff;
export const DEVICES_MAX: u32 = 4;
/** Restarts allowed within a time, and what comes after the last one: FAILURE_…. */
export const SERVICE_RESTARTS_MAX: u32 = 44;
export const SERVICE_RESTART_SECONDS: u32 = 48;
export const SERVICE_FAILURE: u32 = 52;
/** Within how many milliseconds it has to answer a ping; 0: it is not asked. */
export const SERVICE_PING_MILLISECONDS: u32 = 56;
/** Count and offset: the services to whose ports it gets a handle, by index; USE_OPTIONAL more: if it is there. */
export const SERVICE_USES: u32 = 60;
export const USE_OPTIONAL: u32 = 0x1_0000;
/** Count and offset of texts. */
export const SERVICE_ARGUMENTS: u32 = 68;
/** AUTHORITY_… it has beyond its ports. */
export const SERVICE_AUTHORITY: u32 = 76;
/** Pages of a memory that outlives it, for a handle named `kept`; 0: none. */
export const SERVICE_KEPT_PAGES: u32 = 80;
export const SERVICE_SIZE: u32 = 84;

export const DEVICE_NONE: u32 = 0;
export const DEVICE_UART: u32 = 1;
export const DEVICE_RTC: u32 = 2;
/** Of the virtio slots: plus the device's type number. */
export const DEVICE_VIRTIO: u32 = 0x100;

/** The machine is switched off with a failure. */
export const FAILURE_ESCALATES: u32 = 0;
/** It stays dead, and its callers are told so. */
export const FAILURE_IS_BORNE: u32 = 1;

/** A handle named `archive` of the boot archive's memory. */
export const AUTHORITY_ARCHIVE: u32 = 1;
/** A handle named `control` of the machine. */
export const AUTHORITY_CONTROL: u32 = 2;
/** A handle named `init` to ask init for a halt, a restart, a list. */
export const AUTHORITY_INIT: u32 = 4;
/** To read the log. */
export const AUTHORITY_LOG: u32 = 8;

export const MOUNT_PATH: u32 = 0;
export const MOUNT_SERVICES: u32 = 4;
export const MOUNT_SIZE: u32 = 12;

export const SESSION_PROGRAM: u32 = 0;
export const SESSION_ARGUMENTS: u32 = 4;
/** Offset of the path of what it has as descriptors 0, 1 and 2. */
export const SESSION_CONSOLE: u32 = 12;
/** SESSION_…, below: what is done when it has ended. */
export const SESSION_AT_END: u32 = 16;
export const SESSION_SIZE: u32 = 20;

export const SESSION_RESTARTS: u32 = 0;
/** The machine goes off with the session's exit status, once no session is left. */
export const SESSION_ENDS: u32 = 1;

/** Badges by which servers tell a service from a program: this and its index; init has the last one. */
export const BADGE_SERVICE: u32 = 0x4000_0000;
export const BADGE_INIT: u32 = 0x7fff_ffff;
