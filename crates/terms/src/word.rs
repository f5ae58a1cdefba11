//! Closed lists of words that stand in signed bytes. A new word stops the build wherever someone has
//! to think about it.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it stands in bytes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Reads the word.
            #[must_use]
            pub fn new(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What an act does. The kernel knows these and no law.
    Kind {
        /// Founds the register.
        Genesis = "genesis",
        /// Gives a key a capacity, or a vacant seat its roots.
        Enrol = "enrol",
        /// Ends a key, from here on.
        Revoke = "revoke",
        /// Ends a key and takes back what it signed lately.
        Disown = "disown",
        /// Gives a participant new roots.
        Recover = "recover",
        /// The registrar's: a cosigned checkpoint, as an entry.
        Mark = "mark",
        /// A guarantor's: it had an act in its hands at this time.
        Intake = "intake",
        /// A witness's promise never to cosign a registrar's key again.
        Freeze = "freeze",
        /// Gives the register to a new registrar's key.
        Succeed = "succeed",
        /// Opens a matter.
        Open = "open",
        /// A step in a matter.
        Step = "step",
        /// Changes fields of an entry of one's own.
        Correct = "correct",
        /// Takes an entry of one's own back.
        Withdraw = "withdraw",
        /// Many reports as one table.
        Batch = "batch",
        /// Offers exhibits outside a matter.
        Offer = "offer",
        /// Grants exhibits to somebody.
        Grant = "grant",
        /// Another's sealed bytes are held here.
        Keep = "keep",
        /// An addressee opened an exhibit, and all agrees.
        Opened = "opened",
        /// An answer to an exhibit.
        Answer = "answer",
        /// An exhibit, or its grant, can't be opened.
        Challenge = "challenge",
        /// An arbiter's decision about an exhibit.
        Rule = "rule",
        /// An exhibit must not be destroyed until a time.
        Hold = "hold",
        /// A holder destroyed its copy.
        Destroy = "destroy",
        /// Relief: more time.
        Extend = "extend",
        /// Relief: a pause with an end.
        Suspend = "suspend",
        /// Relief: the pause ends early.
        Resume = "resume",
        /// Relief: a participant could not be reached.
        Cut = "cut",
        /// Relief after a clock has run out.
        SetAside = "set-aside",
        /// An act was delivered to somebody.
        Serve = "serve",
        /// A step on behalf of a participant that does not log in.
        Transcribe = "transcribe",
        /// A participant confirms what was transcribed for it.
        Confirm = "confirm",
        /// Who a person is was looked into.
        Screen = "screen",
        /// Something may be shown to the public.
        Publish = "publish",
    }
}

words! {
    /// What a participant is in a mechanism. By which title it is shown, the instrument says.
    Role {
        /// Who is bound.
        Party = "party",
        /// Who stands surety.
        Guarantor = "guarantor",
        /// Who watches and keeps the office.
        Monitor = "monitor",
        /// Who may look.
        Observer = "observer",
    }
}

words! {
    /// What a key may do. One key, one capacity: a stolen node signs no act.
    Capacity {
        /// Enrols, revokes, disowns, recovers; nothing else.
        Root = "root",
        /// Gives the participant new roots; nothing else.
        Recovery = "recovery",
        /// Signs acts.
        Officer = "officer",
        /// Stamps acts that a node took in.
        Intake = "intake",
        /// Signs state notes, and proves which node speaks.
        Node = "node",
        /// Receives grants (an age recipient); signs nothing.
        Seal = "seal",
    }
}

words! {
    /// Where a secret key lies, said beside each signature. In the order of how much is asked.
    Custody {
        /// On the operator's machine.
        Hosted = "hosted",
        /// On the participant's node, opened by a passkey.
        Node = "node",
        /// On a device in the officer's hand.
        Device = "device",
    }
}

words! {
    /// Why a registrar refuses a submission. Each can be checked by anyone (TIME C8).
    RefusalGround {
        /// The bytes are not an act.
        Form = "form",
        /// A signature does not fit.
        Signature = "signature",
        /// A key is not enrolled, or is over, or has another capacity.
        Key = "key",
        /// The act's `n` does not rise.
        Number = "number",
        /// The act's `prev` is not the key's last act.
        Previous = "previous",
        /// The act is in the register already.
        Duplicate = "duplicate",
        /// The participant is over its quota.
        Quota = "quota",
    }
}
