using System.Data;
using Dapper;

namespace Overture.Core.Data;

/// <summary>How a column becomes a value where Npgsql and Dapper do not agree by themselves.</summary>
static class ColumnTypes
{
    public static void Register() => SqlMapper.AddTypeHandler(new Instant());

    sealed class Instant : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTimeOffset instant => instant,
            DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
            _ => throw new InvalidCastException($"A {value.GetType().Name} is no instant; use timestamptz."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.ToUniversalTime();
    }
}
