//! A JPEG encoder for flat squares of 8 × 8 samples, because of what others do not write: progressive files, CMYK and YCCK,
//! subsampling, several scans.

use crate::make::segment;

/// What to write. Each component has its horizontal and vertical sampling, and one value for all its samples.
pub(crate) struct Blocks<'a> {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) components: &'a [(u8, u8, u8)],
    pub(crate) progressive: bool,
    /// The content of an Adobe segment's last byte: 0 for CMYK, 2 for YCCK.
    pub(crate) adobe: Option<u8>,
}

impl Blocks<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        if let Some(transform) = self.adobe {
            bytes.extend(segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat()));
        }
        // Every coefficient by 8, so that a DC coefficient is the level itself.
        bytes.extend(segment(0xDB, &[&[0][..], &[8; 64]].concat()));
        bytes.extend(self.frame());
        // DC codes: four bits for each of the categories 0 to 8. AC codes: one bit that ends the block.
        let mut dc = vec![0x00, 0, 0, 0, 9];
        dc.extend([0; 12]);
        dc.extend(0..9);
        bytes.extend(segment(0xC4, &dc));
        let mut ac = vec![0x10, 1];
        ac.extend([0; 15]);
        ac.push(0);
        bytes.extend(segment(0xC4, &ac));
        bytes.extend(self.scan());
        if self.progressive {
            for component in 1..=u8::try_from(self.components.len()).unwrap() {
                bytes.extend(segment(0xDA, &[1, component, 0, 1, 63, 0]));
                bytes.extend(vec![0; self.blocks_alone(component).div_ceil(8)]);
            }
        }
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    pub(crate) fn frame(&self) -> Vec<u8> {
        let [h1, h0] = self.height.to_be_bytes();
        let [w1, w0] = self.width.to_be_bytes();
        let mut frame = vec![8, h1, h0, w1, w0, u8::try_from(self.components.len()).unwrap()];
        for (id, (h, v, _)) in (1..).zip(self.components) {
            frame.extend([id, h << 4 | v, 0]);
        }
        segment(if self.progressive { 0xC2 } else { 0xC0 }, &frame)
    }

    /// Blocks of a component in a scan of its own, which has no padding to whole units.
    fn blocks_alone(&self, component: u8) -> usize {
        let (h, v, _) = self.components[usize::from(component) - 1];
        let (widest, highest) = self.largest();
        let blocks =
            |length: u16, of: u8, largest: u8| (usize::from(length) * usize::from(of)).div_ceil(usize::from(largest)).div_ceil(8);
        blocks(self.width, h, widest) * blocks(self.height, v, highest)
    }

    fn largest(&self) -> (u8, u8) {
        let widest = self.components.iter().map(|c| c.0).max().unwrap();
        let highest = self.components.iter().map(|c| c.1).max().unwrap();
        (widest, highest)
    }

    fn scan(&self) -> Vec<u8> {
        let mut head = vec![u8::try_from(self.components.len()).unwrap()];
        for (id, _) in (1..).zip(self.components) {
            head.extend([id, 0]);
        }
        head.extend(if self.progressive { [0, 0, 0] } else { [0, 63, 0] });

        let (widest, highest) = self.largest();
        let units = usize::from(self.width).div_ceil(8 * usize::from(widest))
            * usize::from(self.height).div_ceil(8 * usize::from(highest));
        let mut bits = Bits::default();
        for unit in 0..units {
            for &(h, v, value) in self.components {
                for block in 0..h * v {
                    let level = i32::from(value) - 128;
                    let difference = if unit == 0 && block == 0 { level } else { 0 };
                    let category = 32 - difference.unsigned_abs().leading_zeros();
                    bits.put(category, 4);
                    let coded = if difference < 0 { difference - 1 } else { difference };
                    bits.put(coded.cast_unsigned() & ((1 << category) - 1), category);
                    if !self.progressive {
                        bits.put(0, 1);
                    }
                }
            }
        }
        [segment(0xDA, &head), bits.finish()].concat()
    }
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    open: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.open = self.open << 1 | (value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = u8::try_from(self.open).unwrap();
                self.bytes.push(byte);
                if byte == 0xFF {
                    self.bytes.push(0);
                }
                (self.open, self.count) = (0, 0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.count > 0 {
            self.put(1, 1);
        }
        self.bytes
    }
}
