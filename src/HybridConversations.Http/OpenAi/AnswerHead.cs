namespace HybridConversations.Http.OpenAi;

/// <summary>What every object of an answer begins with.</summary>
internal sealed record AnswerHead(string Id, long Created, string Model, string Fingerprint)
{
    public static AnswerHead Of(string prefix, DeviceStatus device, TimeProvider time) => new(
        $"{prefix}-{Guid.CreateVersion7():N}", time.GetUtcNow().ToUnixTimeSeconds(), device.Model.Name, $"fp_{device.Model.Hash[..Math.Min(12, device.Model.Hash.Length)]}");
}
