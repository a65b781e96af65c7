//! Parts of the catalog that most runs do not need, kept encoded until one does.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is decoded when it is first looked at. Until then it is a stretch of the binary, not copied.
pub struct Lazy<T> {
    bytes: &'static [u8],
    value: OnceLock<T>,
}

impl<T: Deserialize<'static> + Default + Clone> Lazy<T> {
    /// The value itself.
    pub fn into_inner(self) -> T {
        T::clone(&self)
    }
}

impl<T: Deserialize<'static> + Default + Clone> Lazy<T> {
    /// Changes the value.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        let mut value = T::clone(self);
        change(&mut value);
        *self = Lazy::from(value);
    }
}

impl<T: Deserialize<'static> + Default> Deref for Lazy<T> {
    type Target = T;

    /// The value. The bytes come from the same build of the same types; those of a damaged binary give the empty value.
    fn deref(&self) -> &T {
        self.value.get_or_init(|| postcard::from_bytes(self.bytes).unwrap_or_default())
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Lazy<T> {
        Lazy { bytes: &[], value: OnceLock::from(value) }
    }
}

impl<T: Default> Default for Lazy<T> {
    fn default() -> Lazy<T> {
        Lazy::from(T::default())
    }
}

impl<T: Deserialize<'static> + Default + Clone> Clone for Lazy<T> {
    fn clone(&self) -> Lazy<T> {
        Lazy::from(T::clone(self))
    }
}

impl<T: Deserialize<'static> + Default + PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Lazy<T>) -> bool {
        **self == **other
    }
}

impl<T: Deserialize<'static> + Default + fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Deserialize<'static> + Default + Serialize> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = postcard::to_stdvec(&**self).map_err(serde::ser::Error::custom)?;
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de: 'static, T> Deserialize<'de> for Lazy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lazy<T>, D::Error> {
        deserializer.deserialize_bytes(Bytes(PhantomData))
    }
}

struct Bytes<T>(PhantomData<T>);

impl<'de: 'static, T> Visitor<'de> for Bytes<T> {
    type Value = Lazy<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a part of the catalog")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Lazy<T>, E> {
        Ok(Lazy { bytes, value: OnceLock::new() })
    }
}
