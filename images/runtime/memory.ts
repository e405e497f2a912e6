/**
 * Copying and filling memory: whole words wherever both ends allow, eight at a time in the middle.
 */

/** As memory.copy without its bounds: the ranges may overlap. */
export function copyBytes(destination: u32, source: u32, count: u32): void {
  if (destination - source >= count) copyUp(destination, source, count);
  else copyDown(destination, source, count);
}

/** From the low end, for a destination that does not begin inside the source. */
function copyUp(destination: u32, source: u32, count: u32): void {
  const end = destination + count;
  if (((destination ^ source) & 3) === 0 && count >= 8) {
    while ((destination & 3) !== 0) {
      store<u8>(destination, load<u8>(source));
      destination += 1;
      source += 1;
    }
    const blocksEnd = destination + ((end - destination) & ~31);
    while (destination !== blocksEnd) {
      copyBlock(destination, source);
      destination += 32;
      source += 32;
    }
    const wordsEnd = end & ~3;
    while (destination !== wordsEnd) {
      store<u32>(destination, load<u32>(source));
      destination += 4;
      source += 4;
    }
  } else if (count >= 16) {
    copyShifted(destination, source, count);
    return;
  }
  while (destination !== end) {
    store<u8>(destination, load<u8>(source));
    destination += 1;
    source += 1;
  }
}

/** Loads before stores: eight of them hide the loads' latency. */
//@inline
function copyBlock(destination: u32, source: u32): void {
  const a = load<u32>(source);
  const b = load<u32>(source, 4);
  const c = load<u32>(source, 8);
  const d = load<u32>(source, 12);
  const e = load<u32>(source, 16);
  const f = load<u32>(source, 20);
  const g = load<u32>(source, 24);
  const h = load<u32>(source, 28);
  store<u32>(destination, a);
  store<u32>(destination, b, 4);
  store<u32>(destination, c, 8);
  store<u32>(destination, d, 12);
  store<u32>(destination, e, 16);
  store<u32>(destination, f, 20);
  store<u32>(destination, g, 24);
  store<u32>(destination, h, 28);
}

/** Ends that are not aligned alike: aligned words are loaded and each two of them make one to store. */
function copyShifted(destination: u32, source: u32, count: u32): void {
  const end = destination + count;
  while ((destination & 3) !== 0) {
    store<u8>(destination, load<u8>(source));
    destination += 1;
    source += 1;
  }
  const right = (source & 3) << 3;
  const left = 32 - right;
  let aligned = source & ~3;
  let word = load<u32>(aligned);
  const wordsEnd = destination + ((end - destination) & ~3);
  source += wordsEnd - destination;
  while (destination !== wordsEnd) {
    const next = load<u32>(aligned, 4);
    store<u32>(destination, (word >> right) | (next << left));
    word = next;
    aligned += 4;
    destination += 4;
  }
  while (destination !== end) {
    store<u8>(destination, load<u8>(source));
    destination += 1;
    source += 1;
  }
}

/** From the high end, for a destination inside the source. */
function copyDown(destination: u32, source: u32, count: u32): void {
  let at = destination + count;
  let from = source + count;
  if (((destination ^ source) & 3) === 0 && count >= 8) {
    while ((at & 3) !== 0) {
      at -= 1;
      from -= 1;
      store<u8>(at, load<u8>(from));
    }
    const wordsStart = (destination + 3) & ~3;
    const blocksStart = at - ((at - wordsStart) & ~31);
    while (at !== blocksStart) {
      at -= 32;
      from -= 32;
      copyBlock(at, from);
    }
    while (at !== wordsStart) {
      at -= 4;
      from -= 4;
      store<u32>(at, load<u32>(from));
    }
  } else if (count >= 16) {
    copyShiftedDown(destination, at, from);
    return;
  }
  while (at !== destination) {
    at -= 1;
    from -= 1;
    store<u8>(at, load<u8>(from));
  }
}

/** The same as copyShifted, towards the low end: `at` and `from` are behind the last bytes. */
function copyShiftedDown(destination: u32, at: u32, from: u32): void {
  while ((at & 3) !== 0) {
    at -= 1;
    from -= 1;
    store<u8>(at, load<u8>(from));
  }
  const right = (from & 3) << 3;
  const left = 32 - right;
  let aligned = from & ~3;
  let word = load<u32>(aligned);
  const wordsStart = (destination + 3) & ~3;
  from -= at - wordsStart;
  while (at !== wordsStart) {
    aligned -= 4;
    at -= 4;
    const next = load<u32>(aligned);
    store<u32>(at, (next >> right) | (word << left));
    word = next;
  }
  while (at !== destination) {
    at -= 1;
    from -= 1;
    store<u8>(at, load<u8>(from));
  }
}

/** As memory.fill without its bounds. */
export function fillBytes(destination: u32, byte: u32, count: u32): void {
  const end = destination + count;
  if (count >= 8) {
    const word = (byte & 0xff) * 0x0101_0101;
    while ((destination & 3) !== 0) {
      store<u8>(destination, byte);
      destination += 1;
    }
    const blocksEnd = destination + ((end - destination) & ~15);
    while (destination !== blocksEnd) {
      store<u32>(destination, word);
      store<u32>(destination, word, 4);
      store<u32>(destination, word, 8);
      store<u32>(destination, word, 12);
      destination += 16;
    }
    const wordsEnd = end & ~3;
    while (destination !== wordsEnd) {
      store<u32>(destination, word);
      destination += 4;
    }
  }
  while (destination !== end) {
    store<u8>(destination, byte);
    destination += 1;
  }
}
