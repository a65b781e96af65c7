//! Timestamps after RFC 3339: formatting, adding, comparing. Nothing here knows what time it is.

use std::cmp::Ordering;
use std::fmt::Write as _;

use ecow::{EcoString, eco_format};

use super::call::{Call, Function, Outcome, fail};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("formatdate", 2, 2, formatdate),
    Function::new("timeadd", 2, 2, timeadd).set(),
    Function::new("timecmp", 2, 2, timecmp).set(),
];

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A moment: seconds since 1970-01-01T00:00:00Z, and the offset in which it is written, in seconds.
#[derive(Clone, Copy)]
struct Moment {
    seconds: i64,
    nanos: i64,
    offset: i64,
}

/// The parts of a moment as a clock at its offset shows them.
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: i64,
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn month_length(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next, 1) - days(year, month, 1)
}

impl Moment {
    fn parse(text: &str) -> Option<Moment> {
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let at = |index: usize| text.as_bytes().get(index).copied();
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|(index, mark)| at(*index) != Some(*mark)) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let valid = (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let (nanos, zone) = fraction(text.get(19..)?)?;
        let offset = offset(zone)?;
        let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
        valid.then_some(Moment { seconds, nanos, offset })
    }

    fn clock(self) -> Clock {
        let local = self.seconds + self.offset;
        let (day_number, of_day) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date(day_number);
        Clock {
            year,
            month,
            day,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
            weekday: (day_number + 4).rem_euclid(7),
        }
    }

    fn text(self) -> EcoString {
        let c = self.clock();
        let zone = zone(self.offset, "Z", ":");
        eco_format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            c.year,
            c.month,
            c.day,
            c.hour,
            c.minute,
            c.second
        )
    }
}

fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    let (digits, zone) = digits.split_at_checked(end)?;
    let padded: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
    (!digits.is_empty()).then(|| Some((padded.parse().ok()?, zone)))?
}

fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn zone(offset: i64, zero: &str, colon: &str) -> EcoString {
    if offset == 0 && !zero.is_empty() {
        return zero.into();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    eco_format!("{sign}{:02}{colon}{:02}", offset / 3600, offset / 60 % 60)
}

fn moment(call: &Call<'_>, index: usize) -> Outcome<Moment> {
    match Moment::parse(&call.text(index)?) {
        Some(moment) => Ok(moment),
        None => call.refuse(index, "a time such as 2006-01-02T15:04:05Z is needed"),
    }
}

fn timecmp(call: &Call<'_>) -> Outcome {
    let (left, right) = (moment(call, 0)?, moment(call, 1)?);
    call.give_number(match (left.seconds, left.nanos).cmp(&(right.seconds, right.nanos)) {
        Ordering::Less => -1.0,
        Ordering::Equal => 0.0,
        Ordering::Greater => 1.0,
    })
}

fn timeadd(call: &Call<'_>) -> Outcome {
    let (start, duration) = (moment(call, 0)?, call.text(1)?);
    let Some(added) = nanoseconds(&duration) else {
        return call.refuse(1, "a duration such as 1h30m or -10m is needed");
    };
    let nanos = start.nanos + added.rem_euclid(1_000_000_000);
    let seconds = start.seconds + added.div_euclid(1_000_000_000) + nanos / 1_000_000_000;
    if !(0..=9999).contains(&date(seconds.div_euclid(DAY)).0) {
        return fail("the sum is beyond the years 0 to 9999");
    }
    call.give_text(Moment { seconds, nanos: nanos % 1_000_000_000, ..start }.text())
}

/// A duration as Go writes it: numbers, each with a unit.
fn nanoseconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0_f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(number_end)?;
        let is_unit_end = |c: char| c.is_ascii_digit() || c == '.';
        let (unit, after) =
            after.split_at_checked(after.find(is_unit_end).unwrap_or(after.len()))?;
        let scale = match unit {
            "h" => 3.6e12,
            "m" => 6e10,
            "s" => 1e9,
            "ms" => 1e6,
            "us" | "µs" => 1e3,
            "ns" => 1.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * scale;
        rest = after;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked against the range")]
    (total < 9.0e18).then_some((sign * total) as i64)
}

fn formatdate(call: &Call<'_>) -> Outcome {
    let (format, moment) = (call.text(0)?, moment(call, 1)?);
    let clock = moment.clock();
    let mut out = EcoString::new();
    let mut rest = format.as_str();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\'' => quoted(rest, &mut out)?,
            c if c.is_ascii_alphabetic() => {
                let length = rest.find(|other| other != c).unwrap_or(rest.len());
                let Some(sequence) = rest.get(..length) else { break };
                if write_part(&mut out, sequence, &clock, moment.offset).is_none() {
                    return fail(eco_format!("\"{sequence}\" is no part of a date format"));
                }
                length
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    call.give_text(out)
}

/// Writes the literal text between quotes, where two quotes stand for one; gives its length.
fn quoted(rest: &str, out: &mut EcoString) -> Outcome<usize> {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((index, c)) = chars.next() {
        if c != '\'' {
            out.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            out.push('\'');
        } else {
            return Ok(index + 1);
        }
    }
    fail("a quote in the date format is not closed")
}

fn write_part(out: &mut EcoString, part: &str, c: &Clock, offset: i64) -> Option<()> {
    let name = |names: &[&'static str], index: i64| -> Option<&'static str> {
        names.get(usize::try_from(index).ok()?).copied()
    };
    let twelve = if c.hour % 12 == 0 { 12 } else { c.hour % 12 };
    let written = match part {
        "YYYY" => write!(out, "{:04}", c.year),
        "YY" => write!(out, "{:02}", c.year % 100),
        "MMMM" => out.write_str(name(&MONTHS, c.month - 1)?),
        "MMM" => out.write_str(name(&MONTHS, c.month - 1)?.get(..3)?),
        "MM" => write!(out, "{:02}", c.month),
        "M" => write!(out, "{}", c.month),
        "DD" => write!(out, "{:02}", c.day),
        "D" => write!(out, "{}", c.day),
        "EEEE" => out.write_str(name(&WEEKDAYS, c.weekday)?),
        "EEE" => out.write_str(name(&WEEKDAYS, c.weekday)?.get(..3)?),
        "hh" => write!(out, "{:02}", c.hour),
        "h" => write!(out, "{}", c.hour),
        "HH" => write!(out, "{twelve:02}"),
        "H" => write!(out, "{twelve}"),
        "AA" => out.write_str(if c.hour < 12 { "AM" } else { "PM" }),
        "aa" => out.write_str(if c.hour < 12 { "am" } else { "pm" }),
        "mm" => write!(out, "{:02}", c.minute),
        "m" => write!(out, "{}", c.minute),
        "ss" => write!(out, "{:02}", c.second),
        "s" => write!(out, "{}", c.second),
        "ZZZZZ" => out.write_str(&zone(offset, "", ":")),
        "ZZZZ" => out.write_str(&zone(offset, "", "")),
        "ZZZ" => out.write_str(&zone(offset, "UTC", "")),
        "Z" => out.write_str(&zone(offset, "Z", ":")),
        _ => return None,
    };
    written.ok()
}
