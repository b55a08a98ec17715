using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>A loaded model (<c>llama_model *</c>).</summary>
internal sealed class LlamaModelHandle : SafeHandle
{
    public LlamaModelHandle(nint model)
        : base(0, ownsHandle: true) => SetHandle(model);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_model_free(handle);
        return true;
    }
}

/// <summary>A context with its KV memory (<c>llama_context *</c>). Keeps its model alive: llama.cpp reads the model while it frees a context.</summary>
internal sealed class LlamaContextHandle : SafeHandle
{
    private readonly LlamaModelHandle _model;
    private readonly bool _holdsModel;

    public LlamaContextHandle(nint context, LlamaModelHandle model)
        : base(0, ownsHandle: true)
    {
        SetHandle(context);
        _model = model;
        model.DangerousAddRef(ref _holdsModel);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_free(handle);
        if (_holdsModel)
        {
            _model.DangerousRelease();
        }

        return true;
    }
}
