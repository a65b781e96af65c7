//! Addresses as Terraform writes them: `module.a["k"].aws_s3_bucket.b[0]`.

/// The parts between the dots, dots within brackets aside.
pub(super) fn parts(address: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut brackets, mut quoted, mut escaped) = (0, 0_u32, false, false);
    for (index, byte) in address.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' => brackets += 1,
            b']' => brackets = brackets.saturating_sub(1),
            b'.' if brackets == 0 => {
                parts.extend(address.get(start..index));
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.extend(address.get(start..));
    parts
}

/// A part without its index, and the index with its brackets, empty when there is none.
pub(super) fn split_index(part: &str) -> (&str, &str) {
    part.find('[').and_then(|at| part.split_at_checked(at)).unwrap_or((part, ""))
}

/// The address without the index at its end, and that index.
pub(super) fn block(address: &str) -> (&str, &str) {
    let last = parts(address).last().map_or(0, |part| split_index(part).1.len());
    address
        .len()
        .checked_sub(last)
        .and_then(|at| address.split_at_checked(at))
        .unwrap_or((address, ""))
}
