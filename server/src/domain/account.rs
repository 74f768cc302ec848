//! People of the dashboard: their e-mail addresses, passwords and roles, and the secrets that sign them in.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    clock::random_bytes,
    refusal::{Code, Refusal},
};

/// Fewest and most characters of a password. The most bounds the work of hashing it.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 10..=200;
/// Most characters of an e-mail address (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL_CHARS: usize = 254;
/// Most characters of a person's name.
const MAX_NAME_CHARS: usize = 200;

/// An e-mail address in its normal form: trimmed, in lower case. It names an account; nothing is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Refuses (`VALIDATION_ERROR`) what has no name before its one `@` or no host after it, blanks, or more than 254 characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let normal = text.trim().to_lowercase();
        let parts = normal.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
        let fits = normal.chars().count() <= MAX_EMAIL_CHARS && !normal.chars().any(|c| c.is_whitespace() || c.is_control());
        if parts.is_some() && fits {
            return Ok(Self(normal));
        }
        Err(Refusal::invalid("email must be an address such as ada@example.com, of at most 254 characters."))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a person's name: 1 to 200 characters, none of which steers a terminal.
pub fn parse_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Refusal::invalid("name must have 1 to 200 characters, and no control characters."));
    }
    Ok(name.to_owned())
}

/// A password on its way to being hashed or compared. It never prints.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Takes any text: for a guess.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Refuses (`VALIDATION_ERROR`) a new password of fewer than 10 or more than 200 characters.
    pub fn check(&self) -> Result<(), Refusal> {
        if PASSWORD_CHARS.contains(&self.0.chars().count()) {
            return Ok(());
        }
        Err(Refusal::invalid("A password must have 10 to 200 characters."))
    }

    /// The bytes to hash.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A secret that is given out once: of a cookie, an invitation, or a link. 256 random bits as 43 characters of base64url.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new random one.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random_bytes::<32>()))
    }

    /// What the database keeps of a token. With 256 random bits a plain SHA-256 cannot be searched backwards.
    pub fn hash(text: &str) -> [u8; 32] {
        Sha256::digest(text.as_bytes()).into()
    }

    /// The text itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a member may do in a workspace. Each role may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything but secrets.
    Viewer,
    /// Uploads, changes and deletes files, and makes signed links.
    Member,
    /// Keeps projects, keys, webhooks, settings, members below owner, and reads the audit log.
    Admin,
    /// Makes and unmakes owners.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Refuses (`PERMISSION_DENIED`) whoever is less than `least`.
    pub fn demand(self, least: Self) -> Result<(), Refusal> {
        if self >= least {
            return Ok(());
        }
        let message = format!("This needs the role {}; yours here is {}.", least.as_str(), self.as_str());
        Err(Refusal::new(Code::PermissionDenied, message))
    }

    /// Refuses (`PERMISSION_DENIED`) to give or take the role `other` from below admin, and that of an owner from below owner.
    pub fn demand_over(self, other: Self) -> Result<(), Refusal> {
        self.demand(if other == Self::Owner { Self::Owner } else { Self::Admin })
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not a role: use viewer, member, admin or owner"))
    }
}

/// What a link that works once is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To make the first account.
    Setup,
    /// To sign in without a password.
    SignIn,
    /// To set a new password.
    Reset,
}

impl Purpose {
    /// The word in the database, and the page that the link leads to.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::SignIn => "sign-in",
            Self::Reset => "reset",
        }
    }

    /// The address of its page on the API host. The token is in the fragment, which browsers send to nobody, so no log has it.
    pub fn url(self, api_url: &str, token: &Token) -> String {
        format!("{api_url}/{}#token={}", self.as_str(), token.reveal())
    }
}

/// The address of the page of an invitation, as [`Purpose::url`].
pub fn join_url(api_url: &str, token: &Token) -> String {
    format!("{api_url}/join#token={}", token.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(Email::parse("  Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
        assert!(Email::parse("dev@localhost").is_ok());
        let long = format!("{}@example.com", "x".repeat(243));
        for bad in ["", "ada", "@example.com", "ada@", "a@b@c", "a b@c", "a@b\n.c", "a@b\0", &long] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Email::parse(&long[1..]).is_ok());
    }

    #[test]
    fn a_password_has_10_to_200_characters_and_never_prints() {
        for (chars, fits) in [(9, false), (10, true), (200, true), (201, false)] {
            assert_eq!(Password::new("ü".repeat(chars)).check().is_ok(), fits, "{chars}");
        }
        assert!(!format!("{:?}", Password::new("correct horse")).contains("horse"));
        let token = Token::generate();
        assert!(token.reveal().len() == 43 && !format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn roles_are_in_order_and_owners_are_made_by_owners() {
        for (low, high) in Role::ALL.iter().zip(&Role::ALL[1..]) {
            assert!(low < high && high.demand(*low).is_ok() && low.demand(*high).is_err());
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert_eq!(role.demand_over(Role::Owner).is_ok(), role == Role::Owner);
            assert_eq!(role.demand_over(Role::Viewer).is_ok(), role >= Role::Admin);
        }
    }
}
