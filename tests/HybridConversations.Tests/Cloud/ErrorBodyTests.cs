using System.Text;
using HybridConversations.Cloud;
using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Tests.Cloud;

public sealed class ErrorBodyTests
{
    private static readonly Redactor None = new();

    [Theory]
    [InlineData(400, """{"error":{"message":"max","code":"context_length_exceeded"}}""", CloudFailureKind.TooLong)]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 8192 tokens.","code":400}""", CloudFailureKind.TooLong)]
    [InlineData(400, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}""", CloudFailureKind.TooLong)]
    [InlineData(400, """{"error":{"message":"filtered","code":"content_filter"}}""", CloudFailureKind.ContentFilter)]
    [InlineData(400, """{"error":"plain"}""", CloudFailureKind.BadRequest)]
    [InlineData(422, """{"detail":"unknown field"}""", CloudFailureKind.BadRequest)]
    [InlineData(401, "", CloudFailureKind.Unauthorized)]
    [InlineData(403, "<html>no</html>", CloudFailureKind.Forbidden)]
    [InlineData(404, "not found", CloudFailureKind.NotFound)]
    [InlineData(402, "{}", CloudFailureKind.QuotaSpent)]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""", CloudFailureKind.QuotaSpent)]
    [InlineData(429, "[1,2]", CloudFailureKind.RateLimited)]
    [InlineData(408, "", CloudFailureKind.ServerError)]
    [InlineData(529, "{", CloudFailureKind.ServerError)]
    [InlineData(307, "", CloudFailureKind.Malformed)]
    public void A_status_and_its_body_mean_something(int status, string body, CloudFailureKind kind)
    {
        var failure = ErrorBody.Failure(status, body, TimeSpan.FromSeconds(1), None);
        Assert.Equal((kind, status, TimeSpan.FromSeconds(1)), (failure.Kind, failure.Status, failure.RetryAfter));
        Assert.DoesNotContain("<html>", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_read_than_is_worth_it()
    {
        using var endless = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 1_000_000)));
        Assert.Equal(16 * 1024, (await ErrorBody.Read(endless, default)).Length);
        Assert.Equal("", await ErrorBody.Read(null, default));
    }
}
