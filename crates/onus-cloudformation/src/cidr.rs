//! `Fn::Cidr`: blocks cut from a larger one.

use std::net::{Ipv4Addr, Ipv6Addr};

use ecow::{EcoString, eco_format};

/// The first `count` blocks with `bits` host bits each in `block`; `None` when they do not fit.
pub(crate) fn split(block: &str, count: u32, bits: u32) -> Option<Vec<EcoString>> {
    let (address, length) = block.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let v4 = address.parse::<Ipv4Addr>().ok().map(|address| u128::from(u32::from(address)));
    let v6 = address.parse::<Ipv6Addr>().ok().map(u128::from);
    let (start, width) = match (v4, v6) {
        (Some(start), _) => (start, 32u32),
        (None, Some(start)) => (start, 128u32),
        (None, None) => return None,
    };
    let host = width.checked_sub(length)?;
    let fits = bits < width && bits <= host && (host - bits >= 32 || count <= 1 << (host - bits));
    if !fits {
        return None;
    }
    let base = if host >= 128 { 0 } else { start >> host << host };
    let blocks = (0..count).map(|index| {
        let start = base + (u128::from(index) << bits);
        let length = width - bits;
        match u32::try_from(start) {
            Ok(start) if width == 32 => eco_format!("{}/{length}", Ipv4Addr::from(start)),
            _ => eco_format!("{}/{length}", Ipv6Addr::from(start)),
        }
    });
    Some(blocks.collect())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn blocks_are_cut_in_order_or_not_at_all() {
        let cases: &[(&str, u32, u32, Option<&[&str]>)] = &[
            ("10.0.0.0/16", 3, 8, Some(&["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"])),
            ("10.1.2.3/16", 1, 16, Some(&["10.1.0.0/16"])),
            ("2001:db8::/56", 2, 64, Some(&["2001:db8::/64", "2001:db8:0:1::/64"])),
            ("10.0.0.0/24", 2, 8, None),
            ("10.0.0.0/33", 1, 8, None),
            ("::/0", 1, 128, None),
            ("nonsense", 1, 8, None),
        ];
        for (block, count, bits, expected) in cases {
            let expected: Option<Vec<_>> =
                expected.map(|blocks| blocks.iter().map(|block| (*block).into()).collect());
            assert_eq!(split(block, *count, *bits), expected, "{block}");
        }
    }
}
