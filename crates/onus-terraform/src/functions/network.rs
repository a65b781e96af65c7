//! Address ranges, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ecow::{EcoString, eco_format};

use super::call::{Call, Function, MANY, Outcome, fail};
use super::convert::text_of;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("cidrcontains", 2, 2, cidrcontains).set(),
    Function::new("cidrhost", 2, 2, cidrhost).set(),
    Function::new("cidrnetmask", 1, 1, cidrnetmask).set(),
    Function::new("cidrsubnet", 3, 3, cidrsubnet).set(),
    Function::new("cidrsubnets", 1, MANY, cidrsubnets),
];

/// A range of addresses: its first one as a number, and how many leading bits it fixes.
#[derive(Clone, Copy)]
struct Range {
    first: u128,
    prefix: u32,
    bits: u32,
}

impl Range {
    fn parse(text: &str) -> Option<Range> {
        let (address, prefix) = text.split_once('/')?;
        let prefix: u32 = prefix.parse().ok()?;
        let range = Range { prefix, ..Range::host(address)? };
        (prefix <= range.bits).then(|| Range { first: range.first & !range.host_mask(), ..range })
    }

    /// One address.
    fn host(text: &str) -> Option<Range> {
        Some(match text.parse().ok()? {
            IpAddr::V4(address) => Range { first: u32::from(address).into(), prefix: 32, bits: 32 },
            IpAddr::V6(address) => Range { first: address.into(), prefix: 128, bits: 128 },
        })
    }

    fn host_bits(self) -> u32 {
        self.bits - self.prefix
    }

    fn host_mask(self) -> u128 {
        1_u128.checked_shl(self.host_bits()).map_or(u128::MAX, |size| size - 1)
    }

    fn address(self, number: u128) -> EcoString {
        if self.bits == 32 {
            return match u32::try_from(number) {
                Ok(number) => eco_format!("{}", Ipv4Addr::from(number)),
                Err(_) => EcoString::new(),
            };
        }
        eco_format!("{}", Ipv6Addr::from(number))
    }

    fn text(self) -> EcoString {
        eco_format!("{}/{}", self.address(self.first), self.prefix)
    }

    fn subnet(self, more: u32, number: u128) -> Option<Range> {
        let prefix = self.prefix.checked_add(more).filter(|prefix| *prefix <= self.bits)?;
        if more < 128 && number >> more != 0 {
            return None;
        }
        let offset = number.checked_shl(self.bits - prefix).unwrap_or(0);
        Some(Range { first: self.first | offset, prefix, ..self })
    }
}

fn range(call: &Call<'_>, index: usize) -> Outcome<Range> {
    match Range::parse(&call.text(index)?) {
        Some(range) => Ok(range),
        None => call.refuse(index, "a range such as 10.0.0.0/16 is needed"),
    }
}

fn cidrhost(call: &Call<'_>) -> Outcome {
    let (range, number) = (range(call, 0)?, call.integer(1)?);
    let size = range.host_mask();
    let distance = u128::from(number.unsigned_abs());
    let host = if number < 0 {
        size.checked_sub(distance - 1)
    } else {
        Some(distance).filter(|distance| *distance <= size)
    };
    match host {
        Some(host) => call.give_text(range.address(range.first | host)),
        None => fail(eco_format!("{} has no host number {number}", range.text())),
    }
}

fn cidrnetmask(call: &Call<'_>) -> Outcome {
    let range = range(call, 0)?;
    if range.bits != 32 {
        return call.refuse(0, "an IPv4 range is needed");
    }
    call.give_text(range.address(u128::from(u32::MAX) & !range.host_mask()))
}

fn cidrsubnet(call: &Call<'_>) -> Outcome {
    let (range, more, number) = (range(call, 0)?, call.position(1)?, call.position(2)?);
    let number = u128::try_from(number).unwrap_or(u128::MAX);
    match u32::try_from(more).ok().and_then(|more| range.subnet(more, number)) {
        Some(subnet) => call.give_text(subnet.text()),
        None => fail(eco_format!("{} has no subnet {number} of {more} more bits", range.text())),
    }
}

/// Subnets one after the other, each aligned to its own size.
fn cidrsubnets(call: &Call<'_>) -> Outcome {
    let range = range(call, 0)?;
    let full = || fail(eco_format!("{} is too small for these subnets", range.text()));
    let mut next = Some(range.first);
    let mut subnets = Vec::new();
    for index in 1..call.args.len() {
        let more = u32::try_from(call.position(index)?).unwrap_or(u32::MAX);
        let prefix = range.prefix.saturating_add(more);
        let Some(first) = next.filter(|_| prefix <= range.bits) else { return full() };
        let size = Range { prefix, ..range };
        let first = match first & size.host_mask() {
            0 => Some(first),
            _ => (first | size.host_mask()).checked_add(1),
        };
        let Some(first) = first.filter(|first| first & !range.host_mask() == range.first) else {
            return full();
        };
        let subnet = Range { first, ..size };
        next = (first | size.host_mask()).checked_add(1);
        subnets.push(subnet.text());
    }
    call.give_texts(subnets)
}

fn cidrcontains(call: &Call<'_>) -> Outcome {
    let (outer, inner) = (range(call, 0)?, text_of(call.arg(1))?);
    let Some(inner) = Range::parse(&inner).or_else(|| Range::host(&inner)) else {
        return call.refuse(1, "an address or a range is needed");
    };
    let inside = outer.bits == inner.bits
        && inner.prefix >= outer.prefix
        && inner.first & !outer.host_mask() == outer.first;
    call.give_bool(inside)
}
