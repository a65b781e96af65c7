//! Parts of the catalog that most runs do not need, kept encoded until one does.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::{DeserializeOwned, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is decoded when it is first looked at.
pub struct Lazy<T> {
    bytes: Vec<u8>,
    value: OnceLock<T>,
}

impl<T: DeserializeOwned + Default + Clone> Lazy<T> {
    /// Changes the value.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        let mut value = T::clone(self);
        change(&mut value);
        *self = Lazy::from(value);
    }
}

impl<T: DeserializeOwned + Default> Deref for Lazy<T> {
    type Target = T;

    /// The value. The bytes come from the same build of the same types; those of a damaged binary give the empty value.
    fn deref(&self) -> &T {
        self.value.get_or_init(|| postcard::from_bytes(&self.bytes).unwrap_or_default())
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Lazy<T> {
        Lazy { bytes: Vec::new(), value: OnceLock::from(value) }
    }
}

impl<T: Default> Default for Lazy<T> {
    fn default() -> Lazy<T> {
        Lazy::from(T::default())
    }
}

impl<T: DeserializeOwned + Default + Clone> Clone for Lazy<T> {
    fn clone(&self) -> Lazy<T> {
        Lazy::from(T::clone(self))
    }
}

impl<T: DeserializeOwned + Default + PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Lazy<T>) -> bool {
        **self == **other
    }
}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: DeserializeOwned + Default + Serialize> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = postcard::to_stdvec(&**self).map_err(serde::ser::Error::custom)?;
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de, T> Deserialize<'de> for Lazy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lazy<T>, D::Error> {
        deserializer.deserialize_bytes(Bytes(PhantomData))
    }
}

struct Bytes<T>(PhantomData<T>);

impl<'de, T> Visitor<'de> for Bytes<T> {
    type Value = Lazy<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a part of the catalog")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Lazy<T>, E> {
        Ok(Lazy { bytes: bytes.to_vec(), value: OnceLock::new() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lazy<T>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(Lazy { bytes, value: OnceLock::new() })
    }
}
