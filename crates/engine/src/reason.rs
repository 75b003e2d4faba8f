//! Why a socket or a session ended.

use std::fmt;

/// Why a socket or a session ended. [`Reason::as_str`] gives the words of stock Socket.IO servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client left the namespace with a DISCONNECT packet.
    ClientDisconnect,
    /// The server sent a DISCONNECT packet.
    ServerDisconnect,
    /// The client closed the transport.
    TransportClose,
    /// The transport broke.
    TransportError,
    /// A ping was not answered within [`Config::ping_timeout`](crate::Config::ping_timeout).
    PingTimeout,
    /// The client sent something malformed.
    ParseError,
    /// No socket was connected within [`Config::connect_timeout`](crate::Config::connect_timeout).
    ConnectTimeout,
    /// The client did not read what waited for it.
    SlowConsumer,
    /// The server closed the transport.
    ServerClose,
    /// The server is going down.
    ServerShutdown,
}

impl Reason {
    pub(crate) const ALL: [Reason; 10] = [
        Reason::ClientDisconnect,
        Reason::ServerDisconnect,
        Reason::TransportClose,
        Reason::TransportError,
        Reason::PingTimeout,
        Reason::ParseError,
        Reason::ConnectTimeout,
        Reason::SlowConsumer,
        Reason::ServerClose,
        Reason::ServerShutdown,
    ];

    /// The reason in the words of stock Socket.IO servers. They have none for
    /// [`Reason::SlowConsumer`].
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::ClientDisconnect => "client namespace disconnect",
            Reason::ServerDisconnect => "server namespace disconnect",
            Reason::TransportClose => "transport close",
            Reason::TransportError => "transport error",
            Reason::PingTimeout => "ping timeout",
            Reason::ParseError => "parse error",
            Reason::ConnectTimeout => "forced server close",
            Reason::SlowConsumer => "slow consumer",
            Reason::ServerClose => "forced close",
            Reason::ServerShutdown => "server shutting down",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_named_as_stock_servers_name_them() {
        let stock = [
            "client namespace disconnect",
            "server namespace disconnect",
            "transport close",
            "transport error",
            "ping timeout",
            "parse error",
            "forced server close",
            "slow consumer",
            "forced close",
            "server shutting down",
        ];
        assert_eq!(Reason::ALL.map(Reason::as_str), stock);
    }
}
