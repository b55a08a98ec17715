namespace HybridConversations.Http.OpenAi;

internal sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

/// <param name="Id">Name to ask for.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">When the device began to serve it, Unix seconds.</param>
/// <param name="OwnedBy">Who serves it.</param>
/// <param name="Meta">An extension: what the model is.</param>
internal sealed record ModelEntry(string Id, string Object, long Created, string OwnedBy, ModelMeta Meta);

internal sealed record ModelMeta(string Description, long Bytes, int TrainedContext, string Sha256);
