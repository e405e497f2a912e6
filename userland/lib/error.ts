/**
 * What errors mean, in the usual words: errorText(ERROR_NOT_FOUND) is "No such file or directory".
 *
 * The numbers are those of os/abi/errors.ts, from the kernel and from services alike.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BROKEN_PIPE,
  ERROR_BUSY,
  ERROR_CANCELLED,
  ERROR_CROSS_DEVICE,
  ERROR_DAMAGED,
  ERROR_EXISTS,
  ERROR_INPUT_OUTPUT,
  ERROR_IS_DIRECTORY,
  ERROR_LOOP,
  ERROR_NAME_TOO_LONG,
  ERROR_NO_CHILD,
  ERROR_NO_RIGHT,
  ERROR_NO_SPACE,
  ERROR_NO_SUCH_PROCESS,
  ERROR_NODE_LOST,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_EMPTY,
  ERROR_NOT_EXECUTABLE,
  ERROR_NOT_FOUND,
  ERROR_NOT_SEEKABLE,
  ERROR_NOT_TERMINAL,
  ERROR_PEER_DIED,
  ERROR_QUOTA,
  ERROR_READ_ONLY,
  ERROR_TIMED_OUT,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../os/abi/errors.ts';

export function errorText(error: i32): string {
  switch (error) {
    case ERROR_NOT_FOUND:
      return 'No such file or directory';
    case ERROR_EXISTS:
      return 'File exists';
    case ERROR_NOT_DIRECTORY:
      return 'Not a directory';
    case ERROR_IS_DIRECTORY:
      return 'Is a directory';
    case ERROR_NOT_EMPTY:
      return 'Directory not empty';
    case ERROR_NO_SPACE:
      return 'No space left on device';
    case ERROR_NAME_TOO_LONG:
      return 'File name too long';
    case ERROR_ACCESS:
      return 'Permission denied';
    case ERROR_NO_RIGHT:
      return 'Operation not permitted';
    case ERROR_READ_ONLY:
      return 'Read-only file system';
    case ERROR_INPUT_OUTPUT:
      return 'Input/output error';
    case ERROR_DAMAGED:
      return 'Structure needs cleaning';
    case ERROR_BROKEN_PIPE:
      return 'Broken pipe';
    case ERROR_NOT_TERMINAL:
      return 'Inappropriate ioctl for device';
    case ERROR_BUSY:
      return 'Device or resource busy';
    case ERROR_NO_SUCH_PROCESS:
      return 'No such process';
    case ERROR_NO_CHILD:
      return 'No child processes';
    case ERROR_LOOP:
      return 'Too many levels of symbolic links';
    case ERROR_TOO_LARGE:
      return 'File too large';
    case ERROR_NOT_SEEKABLE:
      return 'Illegal seek';
    case ERROR_NOT_EXECUTABLE:
      return 'Exec format error';
    case ERROR_CROSS_DEVICE:
      return 'Invalid cross-device link';
    case ERROR_TOO_MANY:
      return 'Too many open files';
    case ERROR_NODE_LOST:
      return 'Its node cannot be reached';
    case ERROR_CANCELLED:
      return 'Interrupted system call';
    case ERROR_TIMED_OUT:
      return 'Connection timed out';
    case ERROR_PEER_DIED:
      return 'Connection reset by peer';
    case ERROR_QUOTA:
      return 'Cannot allocate memory';
    case ERROR_BAD_ARGUMENT:
      return 'Invalid argument';
    default:
      return `Error ${-error}`;
  }
}
