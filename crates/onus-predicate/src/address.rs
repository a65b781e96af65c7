//! Blocks of IP addresses, as security groups and route tables write them.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A block of addresses: all that share the first `length` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first address, in the low 32 bits for IPv4.
    first: u128,
    length: u8,
    /// 32 or 128.
    width: u8,
}

/// Blocks from which nobody outside can be meant: RFC 1918, RFC 6598, loopback, link-local, RFC 4193.
const PRIVATE: [Block; 9] = [
    Block::v4(Ipv4Addr::new(10, 0, 0, 0), 8),
    Block::v4(Ipv4Addr::new(172, 16, 0, 0), 12),
    Block::v4(Ipv4Addr::new(192, 168, 0, 0), 16),
    Block::v4(Ipv4Addr::new(100, 64, 0, 0), 10),
    Block::v4(Ipv4Addr::new(127, 0, 0, 0), 8),
    Block::v4(Ipv4Addr::new(169, 254, 0, 0), 16),
    Block::v6(Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 1), 128),
    Block::v6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    Block::v6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
];

impl Block {
    const fn v4(address: Ipv4Addr, length: u8) -> Block {
        Block { first: address.to_bits() as u128, length, width: 32 }
    }

    const fn v6(address: Ipv6Addr, length: u8) -> Block {
        Block { first: address.to_bits(), length, width: 128 }
    }

    /// The block that `text` spells: `10.0.0.0/8`, `::/0`, or one address. Bits after the prefix do
    /// not matter. `None` if it is no block.
    pub(crate) fn parse(text: &str) -> Option<Block> {
        let text = text.trim();
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let whole = if address.contains(':') {
            Block::v6(address.parse().ok()?, 128)
        } else {
            Block::v4(parse_v4(address)?, 32)
        };
        let length = match length {
            Some(length) => decimal(length).filter(|length| *length <= whole.width)?,
            None => whole.width,
        };
        Some(Block { first: whole.first & mask(length, whole.width), length, ..whole })
    }

    /// The number of leading bits that all its addresses share.
    pub(crate) fn length(self) -> u8 {
        self.length
    }

    /// Whether `text` spells all addresses of a family. Most blocks are not it, and show that at
    /// their end.
    pub(crate) fn is_any(text: &str) -> bool {
        text.trim_end().ends_with('0') && Block::parse(text).is_some_and(|block| block.length == 0)
    }

    /// All addresses of `inner` are in it.
    pub(crate) fn contains(self, inner: Block) -> bool {
        self.width == inner.width
            && self.length <= inner.length
            && inner.first & mask(self.length, self.width) == self.first
    }

    /// Nobody outside is in it.
    pub(crate) fn is_private(self) -> bool {
        PRIVATE.iter().any(|private| private.contains(self))
    }
}

/// The first `length` of `width` bits set.
fn mask(length: u8, width: u8) -> u128 {
    let free = u32::from(width.saturating_sub(length));
    let all = u128::MAX >> (128 - u32::from(width).clamp(1, 128));
    all & u128::MAX.checked_shl(free).unwrap_or(0)
}

/// Up to three decimal digits; leading zeros are taken as decimal, as AWS takes them.
fn decimal(text: &str) -> Option<u8> {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let mut parts = text.split('.').map(decimal);
    let mut next = || parts.next().flatten();
    let address = Ipv4Addr::new(next()?, next()?, next()?, next()?);
    parts.next().is_none().then_some(address)
}
