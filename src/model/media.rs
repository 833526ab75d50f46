//! Pictures as the blog keeps them.

/// A kept file, with what is needed to serve it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Media {
    /// First half of the SHA-256 of `bytes`, in hex: the address.
    pub hash: String,
    /// File name of the address.
    pub name: String,
    /// Media type, from the content.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Width and height of a kept picture by its address.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MediaSize {
    /// First half of the SHA-256, in hex.
    pub hash: String,
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
}

/// The address of a picture: it names its content.
pub fn address(hash: &str, name: &str) -> String {
    format!("/media/{hash}/{name}")
}

/// The hash in an address made by [`address`].
pub fn hash_in(address: &str) -> Option<&str> {
    address.strip_prefix("/media/")?.split('/').next()
}
