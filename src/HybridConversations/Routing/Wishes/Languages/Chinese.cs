using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Chinese.</summary>
internal static class Chinese
{
    private const string Not = "不要|别|不能|不准|不许|请勿|勿|不可以|不可|不得|千万别|禁止|切勿|不想|不希望|不会|不用|别把";
    private const string Secret = "保密|秘密|私密|机密|隐私|私事|不公开|绝密";
    private const string Outside = "云|网|服务器|互联网|谷歌|外面|外传|openai|google|chatgpt";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("不|别|没|勿"),
        Cloud: [
            Request("好好想想", "好好|仔细|认真|深入|慢慢|用心|深度|努力 ..2 想|思考|考虑|琢磨|推敲"),
            Request("想清楚再回答", "想|思考 清楚|仔细|周全|透 ..2 再?"),
            Request("问问云端", "问问|请教|使用|去问|问|用|调用|咨询|交给|发给 ..2 云端|云上|云模型|云"),
            Request("用大模型", "用|使用|问|换|调用|请 ..2 大|更大的|更强的|最强的|更好的|最好的|更聪明的 模型"),
            Request("问ChatGPT", "问|问问|用 ..1 chatgpt|gpt|openai")],
        Local: [
            Statement("本地回答", "本地|离线 回答|处理|运行|模型|完成"),
            Statement("留在本地", "留|只|就 ..1 在|用 本地"),
            Statement("不用云端", "不用|别用|不要用|不要问|别问 ..1 云|云端"),
            Statement("不用想太久", "不用|别|不要 ..1 想|思考 太|那么 ..3"),
            Request("用小模型", "用 小|本地的? 模型")],
        Privacy: [
            Statement("请保密", "保密|保守秘密|守口如瓶"),
            Statement("这是秘密", $"这|这个|这件事|这些|以下|刚才|我说的 ..5 {Secret}"),
            Statement("这是私人的", "这|这个|这件事|这些|以下|内容|对话|谈话 ..2 是|属于 ..2 私人|私下|个人隐私"),
            Statement("只有你我知道", "只有|就|只|仅 ..2 你我|咱们俩|我们俩|我们之间|你知我知|咱俩|我们两个|咱们"),
            Statement("你知我知", "你知我知|天知地知"),
            Statement("我们之间的秘密", "我们|你我|咱们 ..1 之间 ..3"),
            Statement("不要告诉别人", $"{Not} ..3 告诉|跟|对|让|给|和|向|透露给|说给 ..2 别人|任何人|其他人|人家|外人|他人|第三方"),
            Statement("不要说出去", $"{Not} ..3 说出去|传出去|讲出去|泄露|泄漏|透露|外传|公开|声张|分享|外泄|传播"),
            Statement("不要上传", $"{Not} ..8 上传|上云|发到|传到|发送到|送到|传给|发给|存到|放到|同步到|交给 ..3 {Outside}?"),
            Statement("不要发到网上", $"{Not} ..6 到|给|上|往 ..1 {Outside}"),
            Statement("谁都不能知道", "谁|任何人|别人|没人|没有人|谁也|其他人 ..2 都|也? ..1 不能|不可以|不许|不准|不该|不得 ..2 知道|听到|看到"),
            Statement("留在设备上", "留|保存|存|放|保留|待 ..1 在 ..4 设备|本机|机器|这里|家里"),
            Statement("不能离开设备", "不能|不要|别|不许|不准|不得 ..3 离开|出 ..2 设备|这里|这台|机器|家门|房间"),
            Statement("隐私模式", "打开|进入|开启|切换|启用|开始|启动 ..4 隐私|私密|保密|无痕 模式"),
            Statement("隐私模式", "隐私|私密|保密 模式"),
            Statement("这是私人的", "是 ..1 私人 的? 事|话|事情|内容|谈话|信息"),
            Statement("藏在心里", "自己 ..1 知道 就好|就行"),
            Statement("藏在心里", "烂在|藏在 ..1 肚子|心里")],
        Lift: [
            Statement("不再保密", $"不再 ..3 {Secret}|私人"),
            Statement("不用再保密了", $"不用|不必|不需要|无需 ..2 再|继续? ..1 {Secret}"),
            Statement("已经不是秘密了", $"已经|现在 不是|不算 ..2 {Secret}|私人的?"),
            Release("退出隐私模式", "退出|关闭|结束|关掉|取消|停止 ..2 隐私|私密|保密|无痕 模式"),
            Release("解除保密", "解除|取消 ..2 保密"),
            Release("可以重新用云端了", "可以|能 ..1 重新|再|又 ..2 用|问|使用 ..1 云")]);
}
