//! Digests of text and of files, and name-based UUIDs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecow::{EcoString, eco_format};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::call::{Call, Function, Outcome, fail};
use super::file::read;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", 1, 1, |call| of_text(call, digest::<Sha256>, base64)).set(),
    Function::new("base64sha512", 1, 1, |call| of_text(call, digest::<Sha512>, base64)).set(),
    Function::new("md5", 1, 1, |call| of_text(call, digest::<Md5>, hex)).set(),
    Function::new("sha1", 1, 1, |call| of_text(call, digest::<Sha1>, hex)).set(),
    Function::new("sha256", 1, 1, |call| of_text(call, digest::<Sha256>, hex)).set(),
    Function::new("sha512", 1, 1, |call| of_text(call, digest::<Sha512>, hex)).set(),
    Function::new("filebase64sha256", 1, 1, |call| of_file(call, digest::<Sha256>, base64)).set(),
    Function::new("filebase64sha512", 1, 1, |call| of_file(call, digest::<Sha512>, base64)).set(),
    Function::new("filemd5", 1, 1, |call| of_file(call, digest::<Md5>, hex)).set(),
    Function::new("filesha1", 1, 1, |call| of_file(call, digest::<Sha1>, hex)).set(),
    Function::new("filesha256", 1, 1, |call| of_file(call, digest::<Sha256>, hex)).set(),
    Function::new("filesha512", 1, 1, |call| of_file(call, digest::<Sha512>, hex)).set(),
    Function::new("uuidv5", 2, 2, uuidv5).set(),
];

fn digest<D: Digest>(bytes: &[u8]) -> Vec<u8> {
    D::digest(bytes).to_vec()
}

fn base64(bytes: &[u8]) -> EcoString {
    STANDARD.encode(bytes).into()
}

fn hex(bytes: &[u8]) -> EcoString {
    bytes.iter().map(|byte| eco_format!("{byte:02x}")).collect()
}

fn of_text(
    call: &Call<'_>,
    digest: fn(&[u8]) -> Vec<u8>,
    write: fn(&[u8]) -> EcoString,
) -> Outcome {
    call.give_text(write(&digest(call.text(0)?.as_bytes())))
}

fn of_file(
    call: &Call<'_>,
    digest: fn(&[u8]) -> Vec<u8>,
    write: fn(&[u8]) -> EcoString,
) -> Outcome {
    call.give_text(write(&digest(&read(call, &call.text(0)?)?)))
}

/// After RFC 4122 §4.3.
fn uuidv5(call: &Call<'_>) -> Outcome {
    let (space, name) = (call.text(0)?, call.text(1)?);
    let well_known = |digit: char| format!("6ba7b81{digit}9dad11d180b400c04fd430c8");
    let space = match space.as_str() {
        "dns" => well_known('0'),
        "url" => well_known('1'),
        "oid" => well_known('2'),
        "x500" => well_known('4'),
        other => other.replace('-', ""),
    };
    let Some(space) = u128::from_str_radix(&space, 16).ok().filter(|_| space.len() == 32) else {
        return call.refuse(0, "dns, url, oid, x500 or a UUID is needed");
    };
    let digest = Sha1::new().chain_update(space.to_be_bytes()).chain_update(name).finalize();
    let Some(bytes) = digest.first_chunk::<16>() else { return fail("no digest") };
    let mut id = u128::from_be_bytes(*bytes);
    id = (id & !(0xf << 76)) | (5 << 76);
    id = (id & !(0b11 << 62)) | (0b10 << 62);
    let text = format!("{id:032x}");
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let parts: Vec<&str> = parts.iter().filter_map(|(a, b)| text.get(*a..*b)).collect();
    call.give_text(parts.join("-"))
}
