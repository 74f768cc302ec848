//! Broken input, the same on each run.

/// xorshift64: the same mutants on each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number from 0 to below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// One to four changes to a form: a byte flipped, a piece lost, doubled or moved, a mark of the format put in, the end cut off.
pub(crate) fn mutate_form(valid: &[u8], random: &mut Random) -> Vec<u8> {
    const MARKS: [&str; 10] = ["\r\n", "--b", "--b--", "\0", "\"", ";", "\u{feff}", "filename*=UTF-8''%ff", "name=", "\r\n\r\n"];
    let mut bytes = valid.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len().max(1));
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            1 => drop(bytes.drain(at.min(end)..end)),
            2 => {
                let piece = bytes[at.min(end)..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => bytes.truncate(at),
            _ => {
                let at = at.min(bytes.len());
                bytes.splice(at..at, MARKS[random.below(MARKS.len())].bytes());
            }
        }
    }
    bytes
}
