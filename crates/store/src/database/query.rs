//! A statement and its parameters, `$1`, `$2`, … on both databases.

use std::{borrow::Cow, fmt, fmt::Write as _};

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::{Column, Connection, Pool, Row, Wire};

/// Text and parameters, whole or in the making.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    sql: Cow<'static, str>,
    values: Vec<Value>,
}

/// A parameter. A null has the type of its column, which PostgreSQL asks for.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Bool(Option<bool>),
    Int(Option<i64>),
    Text(Option<String>),
}

/// A statement that gives one column.
pub(crate) struct Scalar(Query);

/// Where a query runs: on this connection, or on any of the pool.
pub(crate) enum On<'c> {
    Connection(&'c mut Connection),
    Pool(&'c Pool),
}

pub(crate) fn query(sql: &'static str) -> Query {
    Query {
        sql: Cow::Borrowed(sql),
        values: Vec::new(),
    }
}

pub(crate) fn query_scalar(sql: &'static str) -> Scalar {
    Scalar(query(sql))
}

impl Query {
    /// Gives the next parameter of a text that names them.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds to the text.
    pub(crate) fn push(&mut self, sql: impl fmt::Display) -> &mut Self {
        // Writing to a string cannot fail.
        write!(self.sql.to_mut(), "{sql}").ok();
        self
    }

    /// Adds a parameter, and its name to the text.
    pub(crate) fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let number = self.values.len();
        self.push(format_args!("${number}"))
    }

    /// What was made so far.
    pub(crate) fn build(&mut self) -> Self {
        std::mem::replace(self, query(""))
    }

    /// The text alone.
    #[cfg(test)]
    pub(crate) fn into_string(self) -> String {
        self.sql.into_owned()
    }

    pub(crate) async fn fetch_all<'c>(
        self,
        on: impl Into<On<'c>>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        match on.into() {
            On::Connection(connection) => self.rows(connection).await,
            On::Pool(pool) => self.rows(&mut pool.acquire().await?).await,
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional<'c>(
        self,
        on: impl Into<On<'c>>,
    ) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.fetch_all(on).await?.into_iter().next())
    }

    pub(crate) async fn fetch_one<'c>(self, on: impl Into<On<'c>>) -> Result<Row, sqlx::Error> {
        self.fetch_optional(on)
            .await?
            .ok_or(sqlx::Error::RowNotFound)
    }

    /// Gives how many rows were changed.
    pub(crate) async fn execute(self, connection: &mut Connection) -> Result<u64, sqlx::Error> {
        let (sql, values) = self.parts();
        let (link, limit) = connection.parts();
        let changed = async {
            Ok(match link.wire()? {
                Wire::Sqlite(connection) => {
                    let query = values.into_iter().fold(sqlx::query(sql), bind);
                    query.execute(connection).await?.rows_affected()
                }
                Wire::Postgres(connection) => {
                    let query = values.into_iter().fold(sqlx::query(sql), bind);
                    query.execute(connection).await?.rows_affected()
                }
            })
        };
        limit.hold(changed).await
    }

    async fn rows(self, connection: &mut Connection) -> Result<Vec<Row>, sqlx::Error> {
        let (sql, values) = self.parts();
        let (link, limit) = connection.parts();
        let rows = async {
            Ok(match link.wire()? {
                Wire::Sqlite(connection) => {
                    let query = values.into_iter().fold(sqlx::query(sql), bind);
                    let rows = query.fetch_all(connection).await?;
                    rows.into_iter().map(Row::Sqlite).collect()
                }
                Wire::Postgres(connection) => {
                    let query = values.into_iter().fold(sqlx::query(sql), bind);
                    let rows = query.fetch_all(connection).await?;
                    rows.into_iter().map(Row::Postgres).collect()
                }
            })
        };
        limit.hold(rows).await
    }

    fn parts(self) -> (SqlStr, Vec<Value>) {
        let sql = match self.sql {
            Cow::Borrowed(sql) => sql.into_sql_str(),
            // Made of our own literals; what comes from outside is a parameter.
            Cow::Owned(sql) => AssertSqlSafe(sql).into_sql_str(),
        };
        (sql, self.values)
    }
}

impl Scalar {
    pub(crate) fn bind(self, value: impl Into<Value>) -> Self {
        Self(self.0.bind(value))
    }

    pub(crate) async fn fetch_one<'c, T>(self, on: impl Into<On<'c>>) -> Result<T, sqlx::Error>
    where
        T: for<'r> Column<'r>,
    {
        self.0.fetch_one(on).await?.first()
    }

    pub(crate) async fn fetch_all<'c, T>(self, on: impl Into<On<'c>>) -> Result<Vec<T>, sqlx::Error>
    where
        T: for<'r> Column<'r>,
    {
        let rows = self.0.fetch_all(on).await?;
        rows.iter().map(Row::first).collect()
    }

    pub(crate) async fn fetch_optional<'c, T>(
        self,
        on: impl Into<On<'c>>,
    ) -> Result<Option<T>, sqlx::Error>
    where
        T: for<'r> Column<'r>,
    {
        let row = self.0.fetch_optional(on).await?;
        row.map(|row| row.first()).transpose()
    }
}

type Bound<DB> = sqlx::query::Query<'static, DB, <DB as sqlx::Database>::Arguments>;

fn bind<DB>(query: Bound<DB>, value: Value) -> Bound<DB>
where
    DB: sqlx::Database,
    Option<bool>: sqlx::Encode<'static, DB> + sqlx::Type<DB>,
    Option<i64>: sqlx::Encode<'static, DB> + sqlx::Type<DB>,
    Option<String>: sqlx::Encode<'static, DB> + sqlx::Type<DB>,
{
    match value {
        Value::Bool(value) => query.bind(value),
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
    }
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        Self::Connection(connection)
    }
}

impl<'c> From<&'c Pool> for On<'c> {
    fn from(pool: &'c Pool) -> Self {
        Self::Pool(pool)
    }
}

macro_rules! values {
    ($($from:ty: |$value:ident| $kind:ident($into:expr);)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$kind($into)
            }
        })*
    };
}

values! {
    bool: |value| Bool(Some(value));
    i64: |value| Int(Some(value));
    Option<i64>: |value| Int(value);
    &str: |value| Text(Some(value.to_owned()));
    String: |value| Text(Some(value));
    &String: |value| Text(Some(value.clone()));
    Option<&str>: |value| Text(value.map(str::to_owned));
    Option<&String>: |value| Text(value.cloned());
    Option<String>: |value| Text(value);
    &Option<String>: |value| Text(value.clone());
}
